import { randomUUID } from 'node:crypto';
import { type Answer, html } from './answer.ts';
import type { Failure } from './failure.ts';
import type { Json } from './json.ts';
import { unreachable } from './unreachable.ts';

const rpcNames: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** Google's error envelope. Codes that no captured answer shows are guesses, and marked as such. */
export function answerFailureX(failure: Failure): Answer {
  switch (failure.kind) {
    case 'developer-missing':
      // Apigee itself answers the placeholder unfilled.
      return failure.by === 'id'
        ? apigee(
            404,
            'developer.service.DeveloperIdDoesNotExist',
            `DeveloperId ${failure.id} does not exist in organization {1}`,
          )
        : apigee(
            404,
            'developer.service.DeveloperDoesNotExist',
            `Developer ${failure.id} does not exist in organization {1}`,
          );
    case 'developer-exists':
      return apigee(
        409,
        'developer.service.DeveloperAlreadyExists',
        `Developer ${failure.email} already exists in organization {1}`,
      );
    case 'start-key-missing':
      return apigee(404, 'keymanagement.service.developer_doesnot_exist', `Developer ${failure.key} does not exist`);
    case 'attribute-missing':
      return apigee(
        404,
        'organizations.keymanagement.AttributeDoesntExist',
        `Attribute ${failure.name} does not exist`,
      );
    case 'elements-required':
      // The code is a guess.
      return apigee(
        400,
        'developer.service.RequiredElementsMissing',
        'Following elements are required: Email, User Name, First Name, Last Name',
      );
    case 'email-not-lowercase':
      return google(400, 'email address has to be lowercase');
    case 'email-malformed':
      return google(400, `email address ${failure.email} is invalid`);
    case 'name-mismatch':
      return apigee(
        400,
        'rest.interceptor.name_mismatch',
        'resource name in the url does not match the name in the payload',
      );
    case 'too-many-attributes':
      // The code is a guess, as is the next one.
      return apigee(
        400,
        'keymanagement.service.attribute_limit_exceeded',
        `The number of attributes exceeds the limit of ${failure.limit}`,
      );
    case 'attribute-refused':
      return apigee(
        400,
        'keymanagement.service.invalid_attribute_value',
        `Invalid value for attribute ${failure.name}`,
      );
    case 'invalid-action':
      return google(400, `Invalid action: ${failure.action ?? ''}`);
    case 'invalid-argument':
      return google(400, failure.message);
    case 'unknown-parameter':
      return badRequest(
        `Invalid JSON payload received. Unknown name "${failure.name}": Cannot bind query parameter. Field '${failure.name}' could not be found in request message.`,
      );
    case 'unknown-member':
      return badRequest(
        `Invalid JSON payload received. Unknown name "${failure.name}" at '${failure.at}': Cannot find field.`,
      );
    case 'malformed-json':
      return google(400, `Invalid JSON payload received. ${failure.problem}`);
    case 'body-too-large':
      return google(400, `Request payload size exceeds the limit: ${failure.limit} bytes.`);
    case 'unauthenticated':
      return google(
        401,
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
        [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'ACCESS_TOKEN_EXPIRED',
            domain: 'googleapis.com',
          },
        ],
      );
    case 'forbidden':
      return google(403, `Permission denied on resource "organizations/${failure.organization}" (or it may not exist)`);
    case 'quota-exceeded':
      return google(
        429,
        "Quota exceeded for quota metric 'Management API requests' and limit 'Management API requests per minute' of service 'apigee.googleapis.com' for consumer 'project_number:1'.",
      );
    case 'server-error':
      return google(failure.status, serverErrors[failure.status]);
    case 'unknown-path':
      return html(404, 'The requested URL was not found on this server. <ins>That’s all we know.</ins>');
    default:
      return unreachable(failure);
  }
}

const serverErrors = {
  500: 'Internal error encountered.',
  502: 'Bad gateway.',
  503: 'The service is currently unavailable.',
  504: 'Deadline expired before operation could complete.',
} as const;

/** An error of Apigee's own layer, whose code is only among the details. */
function apigee(status: number, type: string, message: string): Answer {
  return google(status, message, [
    {
      '@type': 'type.googleapis.com/google.rpc.PreconditionFailure',
      violations: [{ type, subject: '[ipv6]:4001:127.0.0.1', description: message }],
    },
    { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: randomUUID() },
  ]);
}

function badRequest(message: string): Answer {
  return google(400, message, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ description: message }] },
  ]);
}

function google(code: number, message: string, details: readonly Json[] = []): Answer {
  const status = rpcNames[code] ?? 'UNKNOWN';
  return {
    status: code,
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      ...(code === 401 ? { 'www-authenticate': 'Bearer realm="https://accounts.google.com/"' } : {}),
    },
    body: `${JSON.stringify({ error: { code, message, status, ...(details.length > 0 ? { details } : {}) } }, null, 2)}\n`,
  };
}
