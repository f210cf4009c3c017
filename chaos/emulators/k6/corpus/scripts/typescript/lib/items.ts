export interface Item {
  id: number;
  name: string;
}
export const loadItem = (http: any, id: number): Item =>
  http.get(`${__ENV.BASE_URL}/items/${id}`).json() as Item;
