/**
 * What the page does by itself: it asks for itself again and takes over the parts that changed. The server stays the only one
 * that writes markup, and the page works without this.
 */
export const SCRIPT = `
(() => {
  const every = Number(document.documentElement.dataset.refresh) * 1000;
  const alarm = document.getElementById("_alarm");
  const live = document.getElementById("_live");
  let word = document.body.dataset.word;
  let busy = false;

  const aim = () => {
    for (const old of document.querySelectorAll(".aimed")) old.classList.remove("aimed");
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || target.id.startsWith("_")) return undefined;
    const fold = target.closest("details");
    if (fold) fold.open = true;
    target.classList.add("aimed");
    return target;
  };

  const take = (fresh) => {
    for (const part of document.querySelectorAll("[data-part]")) {
      const other = fresh.querySelector('[data-part="' + part.dataset.part + '"]');
      if (!other || other.innerHTML === part.innerHTML) continue;
      const focus = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      const folds = [...part.querySelectorAll("details")].map((one) => [one.id, one.open]);
      part.replaceChildren(...other.childNodes);
      for (const [id, open] of folds) document.getElementById(id)?.toggleAttribute("open", open);
      if (focus !== null) {
        [...part.querySelectorAll("a")].find((link) => link.getAttribute("href") === focus)?.focus({ preventScroll: true });
      }
    }
    const icon = fresh.querySelector("link[rel=icon]");
    const old = document.querySelector("link[rel=icon]");
    if (icon && old && icon.href !== old.href) old.href = icon.href;
    document.title = fresh.title;
    if (fresh.body.dataset.word !== word) {
      word = fresh.body.dataset.word;
      live.textContent = word;
    }
    aim();
  };

  const refresh = async () => {
    // Whoever is marking text to copy it would lose the marks.
    if (busy || document.hidden || !getSelection().isCollapsed) return;
    busy = true;
    try {
      const answer = await fetch(location.pathname + location.search, {
        cache: "no-store",
        headers: { accept: "text/html" },
        signal: AbortSignal.timeout(10000),
      });
      if (!answer.ok) throw new Error("HTTP " + answer.status);
      take(new DOMParser().parseFromString(await answer.text(), "text/html"));
      document.body.removeAttribute("data-old");
      alarm.textContent = "";
    } catch {
      if (!document.body.hasAttribute("data-old")) {
        const at = new Date().toISOString().slice(11, 19) + " UTC";
        alarm.textContent = "The agent does not answer since " + at + ". What you see is old.";
        document.body.setAttribute("data-old", "");
      }
    } finally {
      busy = false;
    }
  };

  setInterval(refresh, every);
  addEventListener("visibilitychange", refresh);
  addEventListener("hashchange", aim);
  aim()?.scrollIntoView({ block: "center" });
})();
`;
