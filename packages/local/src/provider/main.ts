import { main } from "@pulumi/pulumi/provider";
import { LocalProvider } from "./provider";
import { version } from "./version";

void main(new LocalProvider(version()), process.argv.slice(2));
