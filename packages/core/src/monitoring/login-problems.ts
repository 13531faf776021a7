/** A user without a password, or a password without a user: which field, and what is wrong with it. */
export function loginProblems({
  username,
  passwordFile,
}: Readonly<Record<string, unknown>>): [field: string, message: string][] {
  if (username !== undefined && passwordFile === undefined) {
    return [["passwordFile", "missing beside username; give the file with the password, or remove username"]];
  }
  if (username === undefined && passwordFile !== undefined) {
    return [["username", "missing beside passwordFile; give the user's name, or remove passwordFile"]];
  }
  return [];
}
