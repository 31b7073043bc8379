/** Which way a call goes, as the bit that says that it may: of DescriptorState in native/wait/poller.h. */
export const READABLE = 1;
export const WRITABLE = 2;
export type Direction = typeof READABLE | typeof WRITABLE;
