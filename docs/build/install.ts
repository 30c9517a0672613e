import { installPackages } from "../../cli/machine/install-packages";

// Imported before the generator, which loads these packages.
installPackages(__dirname);
