import { errorCode } from './error-code.ts';

/**
 * The errors by which DynamoDB and Secrets Manager say that the same request will fail for as long as nobody changes
 * anything: what was named is not there, may not be used, or is on its way out
 * (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html#API_GetSecretValue_Errors,
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html#Programming.Errors.MessagesAndCodes).
 * Everything else may end by itself.
 */
const FINAL: readonly string[] = [
  'AccessDeniedException',
  'InvalidParameterException',
  'InvalidRequestException',
  'ResourceNotFoundException',
  'ValidationException',
];

/** Whether AWS refused, so that trying again is of no use; an outage, a throttle or a timeout is no refusal. */
export const isRefusal = (error: unknown): boolean => FINAL.includes(errorCode(error));
