import { TERRAFORM } from "../machine/programs";

/** The commands that findings advise: those of this repository, or those for a program of one's own. */
export interface Advice {
  /** Shows the changes that a deploy would make. */
  readonly plan: string;
  /** Deploys the stack. */
  readonly deploy: string;
  /** Takes a resource that AWS has into the state. */
  readonly adopt: (address: string, id: string) => string;
  /** Destroys a resource and creates another one from the stack as it is now. */
  readonly replace: (address: string) => string;
}

/** Commands for a stack of this repository. */
export function adviseStack(id: string): Advice {
  const deploy = `npm run deploy -- ${id}`;
  return {
    plan: `npm run plan -- ${id}`,
    deploy,
    adopt: () => `${deploy} --import-existing takes it into the state`,
    replace: (address) => `${deploy} --replace '${address}'`,
  };
}

/** Commands for the stack in a folder. @param folder - as the user typed it */
export function adviseFolder(folder: string): Advice {
  const terraform = `${TERRAFORM} -chdir=${folder}`;
  return {
    plan: `${terraform} plan`,
    deploy: `${terraform} apply`,
    adopt: (address, id) => `${terraform} import '${address}' '${id}' takes it into the state`,
    replace: (address) => `${terraform} apply -replace='${address}'`,
  };
}
