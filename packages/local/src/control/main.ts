import { control } from "./control";

void control(process.argv.slice(2), process.ppid).then(({ code, out, err }) => {
  if (out !== undefined) process.stdout.write(`${out}\n`);
  if (err !== undefined) process.stderr.write(`${err}\n`);
  process.exitCode = code;
});
