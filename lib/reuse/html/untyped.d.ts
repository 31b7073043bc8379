/** Stands for the types of the packages that draw: those ask for a browser's types everywhere (tsconfig.json, paths). */
declare const untyped: object;
export default untyped;
