export interface OnlyType {
  nothing: true;
}
export interface Unused {
  nothing: false;
}
