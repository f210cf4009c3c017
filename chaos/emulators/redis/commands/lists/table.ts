/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const listsTable = `
blmove      6   write,denyoom,noscript,blocking  list  1:RW,access,delete;2:RW,insert  -  6.2.0
blmpop      -5  write,blocking                   list  #2:RW,access,delete             -  7.0.0
blpop       -3  write,noscript,blocking          list  1..-2:RW,access,delete          -  2.0.0
brpop       -3  write,noscript,blocking          list  1..-2:RW,access,delete          -  2.0.0
brpoplpush  4   write,denyoom,noscript,blocking  list  1:RW,access,delete;2:RW,insert  -  2.2.0
lindex      3   readonly                         list  1:RO,access                     -  1.0.0
linsert     5   write,denyoom                    list  1:RW,insert                     -  2.2.0
llen        2   readonly,fast                    list  1:RO                            -  1.0.0
lmove       5   write,denyoom                    list  1:RW,access,delete;2:RW,insert  -  6.2.0
lmpop       -4  write                            list  #1:RW,access,delete             -  7.0.0
lpop        -2  write,fast                       list  1:RW,access,delete              -  1.0.0
lpos        -3  readonly                         list  1:RO,access                     -  6.0.6
lpush       -3  write,denyoom,fast               list  1:RW,insert                     -  1.0.0
lpushx      -3  write,denyoom,fast               list  1:RW,insert                     -  2.2.0
lrange      4   readonly                         list  1:RO,access                     -  1.0.0
lrem        4   write                            list  1:RW,delete                     -  1.0.0
lset        4   write,denyoom                    list  1:RW,update                     -  1.0.0
ltrim       4   write                            list  1:RW,delete                     -  1.0.0
rpop        -2  write,fast                       list  1:RW,access,delete              -  1.0.0
rpoplpush   3   write,denyoom                    list  1:RW,access,delete;2:RW,insert  -  1.2.0
rpush       -3  write,denyoom,fast               list  1:RW,insert                     -  1.0.0
rpushx      -3  write,denyoom,fast               list  1:RW,insert                     -  2.2.0
`;
