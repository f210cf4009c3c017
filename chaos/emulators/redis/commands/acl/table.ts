/** Declarations of the commands of this family; the columns are those of declaration.ts. */
export const aclTable = `
acl          -2  -                             -  -  -  6.0.0
acl|cat      -2  noscript,loading,stale        -  -  -  6.0.0
acl|deluser  -3  admin,noscript,loading,stale  -  -  -  6.0.0
acl|dryrun   -4  admin,noscript,loading,stale  -  -  -  7.0.0
acl|genpass  -2  noscript,loading,stale        -  -  -  6.0.0
acl|getuser  3   admin,noscript,loading,stale  -  -  -  6.0.0
acl|help     2   loading,stale                 -  -  -  6.0.0
acl|list     2   admin,noscript,loading,stale  -  -  -  6.0.0
acl|load     2   admin,noscript,loading,stale  -  -  -  6.0.0
acl|log      -2  admin,noscript,loading,stale  -  -  -  6.0.0
acl|save     2   admin,noscript,loading,stale  -  -  -  6.0.0
acl|setuser  -3  admin,noscript,loading,stale  -  -  -  6.0.0
acl|users    2   admin,noscript,loading,stale  -  -  -  6.0.0
acl|whoami   2   noscript,loading,stale        -  -  -  6.0.0
`;
