import t from 'tap';
import { isRefusal } from '../../src/adapters/aws-refusals.ts';

const named = (name: string): Error => Object.assign(new Error('made up'), { name });

t.test('Given errors of AWS, when they are told apart, then only what nobody else can mend is a refusal', async (t) => {
  for (const name of ['AccessDeniedException', 'ResourceNotFoundException', 'ValidationException']) {
    t.ok(isRefusal(named(name)), name);
  }
  for (const name of [
    'ThrottlingException',
    'ProvisionedThroughputExceededException',
    'InternalServerError',
    'InternalServiceError',
    'TimeoutError',
    'CredentialsProviderError',
    // A clock that is wrong, and credentials that are just being replaced.
    'InvalidSignatureException',
    'ExpiredTokenException',
  ]) {
    t.notOk(isRefusal(named(name)), name);
  }
  t.notOk(isRefusal(Object.assign(named('AccessDeniedException'), { code: 'ECONNRESET' })), 'a code says more');
  for (const nothing of [null, undefined, 'AccessDeniedException', {}]) t.notOk(isRefusal(nothing));
});
