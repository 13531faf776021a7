/** `[host]:port` for IPv6, `host:port` otherwise. */
export function hostPort(host: string, port: number | undefined): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

export function isLoopback(address: string): boolean {
  return address === "::1" || address === "localhost" || /^127\./.test(address);
}
