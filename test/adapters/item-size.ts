import type { AttributeValue } from '@aws-sdk/client-dynamodb';

const bytes = (text: string): number => Buffer.byteLength(text);

const sumOf = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);

const valueSize = (value: AttributeValue): number => {
  if (value.S !== undefined) return bytes(value.S);
  // Two digits to a byte and one more, plus one for a sign.
  if (value.N !== undefined) return Math.ceil(value.N.replace(/[^0-9]/g, '').length / 2) + 2;
  if (value.L !== undefined) return 3 + sumOf(value.L.map((element) => 1 + valueSize(element)));
  if (value.M !== undefined) return 3 + sumOf(Object.values(value.M).map(() => 1)) + itemSize(value.M);
  return 1;
};

/**
 * The size in bytes that DynamoDB counts for an item, by the rules of
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemSize = (item: Readonly<Record<string, AttributeValue>>): number =>
  sumOf(Object.entries(item).map(([name, value]) => bytes(name) + valueSize(value)));
