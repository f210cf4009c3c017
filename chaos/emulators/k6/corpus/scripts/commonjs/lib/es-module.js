export const answer = 42;
export default function describe() {
  return `the answer is ${answer}`;
}
