/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const bitmapsTable = `
bitcount     -2  readonly       bitmap  1:RO,access                        -  2.6.0
bitfield     -2  write,denyoom  bitmap  1:RW,access,update,variable_flags  -  3.2.0
bitfield_ro  -2  readonly,fast  bitmap  1:RO,access                        -  6.0.0
bitop        -4  write,denyoom  bitmap  2:OW,update;3..-1:RO,access        -  2.6.0
bitpos       -3  readonly       bitmap  1:RO,access                        -  2.8.7
getbit       3   readonly,fast  bitmap  1:RO,access                        -  2.2.0
setbit       4   write,denyoom  bitmap  1:RW,access,update                 -  2.2.0
`;
