/** Numbers as Canvas's exports show them. */

/** Two decimals always, and never a separator of thousands. Null for none. */
export function numberWriter(comma: boolean): (value: number | null) => string | null {
  return (value) => {
    if (value === null) return null;
    const text = (Math.round(value * 100) / 100).toFixed(2);
    return comma ? text.replace(".", ",") : text;
  };
}
