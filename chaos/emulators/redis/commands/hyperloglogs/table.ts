/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const hyperloglogsTable = `
pfadd       -2  write,denyoom,fast      hyperloglog  1:RW,insert                         -  2.8.9
pfcount     -2  readonly,may_replicate  hyperloglog  1..-1:RW,access                     -  2.8.9
pfdebug     3   write,denyoom,admin     hyperloglog  2:RW,access                         -  2.8.9
pfmerge     -2  write,denyoom           hyperloglog  1:RW,access,insert;2..-1:RO,access  -  2.8.9
pfselftest  1   admin                   hyperloglog  -                                   -  2.8.9
`;
