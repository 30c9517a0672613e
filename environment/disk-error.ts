/** Why a disk takes no more data, and the way out. */
export interface DiskError {
  /** Code of the operating system, as Node.js has it in `error.code`. */
  readonly code: string;
  /** Message of the operating system, as programs in Go print it, Terraform too. */
  readonly message: RegExp;
  readonly says: string;
  readonly fix: string;
}

/** @see https://pkg.go.dev/syscall - the messages, in its tables of errors for each system */
export const DISK_ERRORS: readonly DiskError[] = [
  {
    code: "ENOSPC",
    message: /no space left on device|There is not enough space on the disk/,
    says: "the disk is full",
    fix: "free space on it",
  },
  {
    code: "EDQUOT",
    message: /disk quota exceeded/,
    says: "the disk quota is used up",
    fix: "delete files there, or raise the quota",
  },
  {
    code: "EROFS",
    message: /read-only file system/,
    says: "the disk is read-only",
    fix: "make it writable, or work in another folder",
  },
];

/** Finds what is wrong with the disk; undefined for an error of another kind. */
export function findDiskError(error: unknown): DiskError | undefined {
  if (!(error instanceof Error && "code" in error)) return undefined;
  return DISK_ERRORS.find(({ code }) => code === error.code);
}
