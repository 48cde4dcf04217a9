import type { Test } from 'tap';

/** A folder as the second destroyer's image has it, with the owner's file in either form that JSON may have. */
export const ephemeralFolder = (t: Test, isPretty = true): string => {
  const values = {
    domain: 'demo.example.com',
    subnet_ids: ['subnet-1', 'subnet-2'],
    vpc_id: 'vpc-1',
    zone_id: 'Z0123456789',
  };
  return t.testdir({ 'persistent.auto.tfvars.json': JSON.stringify(values, null, isPretty ? 2 : undefined) });
};
