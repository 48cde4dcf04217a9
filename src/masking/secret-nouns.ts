import { PASSWORD_WORDS } from './password-words.ts';

/**
 * How much a value behind a key has to look like a secret: anything goes behind `password`, because weak ones are real;
 * `key` names AWS and cloud credentials, whose values are always random; `token` names things that are as often words;
 * behind `any` stands a whole document of secrets.
 */
export type NounClass = 'password' | 'key' | 'token' | 'any';

const DOCUMENTS = [
  'secretstring',
  'secret_string',
  'secret-string',
  'secretbinary',
  'secret_binary',
  'dockerconfigjson',
  'dockercfg',
];

const KEYS = [
  'secretaccesskey',
  'secret_access_key',
  'secret-access-key',
  'secret access key',
  'aws_secret_key',
  'sessiontoken',
  'session_token',
  'session-token',
  'security_token',
  'securitytoken',
  'security-token',
  'client-key-data',
  'client_key_data',
  'accountkey',
  'account_key',
  'sharedaccesskey',
  'private_key',
  'privatekey',
  'private-key',
  'authorizationtoken',
];

const TOKENS = [
  'secret',
  'token',
  'apikey',
  'api_key',
  'api-key',
  'api key',
  'accesskey',
  'access_key',
  'access-key',
  'access key',
  'secretkey',
  'secret_key',
  'secret-key',
  'secret key',
  'encryptionkey',
  'encryption_key',
  'encryption-key',
  'signingkey',
  'signing_key',
  'signing-key',
  'masterkey',
  'master_key',
  'master-key',
  'authkey',
  'auth_key',
  'auth-key',
  'storage_key',
  'license_key',
  'admin_key',
  'passwordhash',
  'password_hash',
  'auth_code',
  'application-key',
  'appkey',
  'app-key',
  'account-key',
  'subscription-key',
  'sas-key',
  'sas_key',
  'fastly-key',
  '_pat',
  'presharedkey',
  'preshared_key',
  'pre_shared_key',
  'functions-key',
  'certificate-key',
  'write_key',
  'unseal key',
  'recovery key',
  'signing key',
  'encryption key',
  'deploy_key',
  'secret_key_base',
  'hmac_key',
  'application_key',
  'app_key',
  'credential',
  'credentials',
  '"auth',
  '_auth',
  'sessionid',
  'session_id',
  'secret_id',
  'secretid',
  'jwt',
  'otp_secret',
  'webhook_url',
  'dsn',
];

/** Key-like nouns with their class; a key carries a secret if one of them is its last component. */
export const SECRET_NOUNS: ReadonlyMap<string, NounClass> = new Map([
  ...TOKENS.map((noun): [string, NounClass] => [noun, 'token']),
  ...KEYS.map((noun): [string, NounClass] => [noun, 'key']),
  ...DOCUMENTS.map((noun): [string, NounClass] => [noun, 'any']),
  ...PASSWORD_WORDS.map((noun): [string, NounClass] => [noun, 'password']),
]);

const ENDS_WITH_NOUN = new RegExp(`(?:${[...SECRET_NOUNS.keys()].join('|')})\\d{0,2}$`, 'i');

/** Says whether a name, such as that of an environment variable, ends with one of the nouns. */
export function isSecretName(name: string): boolean {
  return ENDS_WITH_NOUN.test(name);
}
