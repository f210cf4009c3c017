export enum Kind {
  Food = 'food',
  Other = 'other',
}
