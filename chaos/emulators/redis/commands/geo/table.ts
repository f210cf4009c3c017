/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const geoTable = `
geoadd                -5  write,denyoom  geo  1:RW,update                                          -  3.2.0
geodist               -4  readonly       geo  1:RO,access                                          -  3.2.0
geohash               -2  readonly       geo  1:RO,access                                          -  3.2.0
geopos                -2  readonly       geo  1:RO,access                                          -  3.2.0
georadius             -6  write,denyoom  geo  1:RO,access;STORE@6:OW,update;STOREDIST@6:OW,update  -  3.2.0
georadius_ro          -6  readonly       geo  1:RO,access                                          -  3.2.10
georadiusbymember     -5  write,denyoom  geo  1:RO,access;STORE@5:OW,update;STOREDIST@5:OW,update  -  3.2.0
georadiusbymember_ro  -5  readonly       geo  1:RO,access                                          -  3.2.10
geosearch             -7  readonly       geo  1:RO,access                                          -  6.2.0
geosearchstore        -8  write,denyoom  geo  1:OW,update;2:RO,access                              -  6.2.0
`;
