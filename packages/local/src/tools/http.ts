/** The HTTP client, loaded when it is used: a program that plans a stack waits a while for it, and downloads nothing. */
export const http = (): Promise<typeof import("undici")> => import("undici");
