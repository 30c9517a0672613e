/**
 * Says why a server does not listen, and what to change.
 *
 * @param variable - the environment variable with the port
 * @param where - the port, with the host where one is set
 */
export function describeListenError(variable: string, where: string | number, error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  const [reason, fix] =
    code === "EADDRINUSE"
      ? ["another program listens there (EADDRINUSE)", `end that program, or give another port: ${variable}=5001`]
      : code === "EACCES"
        ? ["the system does not allow it (EACCES)", `give a port from 1024: ${variable}=5001`]
        : [error.message, `give another port: ${variable}=5001`];
  return `${variable}: can't listen on ${where}: ${reason}. Fix: ${fix}`;
}
