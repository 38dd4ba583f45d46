/** The spec with its names, beside spec.json with their numbers. */
export const writtenName = "written.json";
