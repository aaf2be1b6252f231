import type { Answer } from './answer.ts';
import type { Failure } from './failure.ts';
import type { Json } from './json.ts';
import { unreachable } from './unreachable.ts';

/** Edge's error envelope. Codes that no captured answer shows are guesses, and marked as such. */
export function answerFailureEdge(failure: Failure, org: string): Answer {
  switch (failure.kind) {
    case 'developer-missing':
      return failure.by === 'id'
        ? edge(
            404,
            'developer.service.DeveloperIdDoesNotExist',
            `DeveloperId ${failure.id} does not exist in organization ${org}`,
          )
        : edge(
            404,
            'developer.service.DeveloperDoesNotExist',
            `Developer ${failure.id} does not exist in organization ${org}`,
          );
    case 'developer-exists':
      return edge(
        409,
        'developer.service.DeveloperAlreadyExists',
        `Developer ${failure.email} already exists in organization ${org}`,
      );
    case 'start-key-missing':
      return edge(404, 'keymanagement.service.developer_doesnot_exist', `Developer ${failure.key} does not exist`);
    case 'attribute-missing':
      return edge(404, 'organizations.keymanagement.AttributeDoesntExist', `Attribute ${failure.name} does not exist`);
    case 'elements-required':
      // The code is a guess, as are all of those down to `invalid-argument`.
      return edge(
        400,
        'developer.service.RequiredElementsMissing',
        'Following elements are required: Email, User Name, First Name, Last Name',
      );
    case 'too-many-attributes':
      return edge(
        400,
        'keymanagement.service.attribute_limit_exceeded',
        `The number of attributes exceeds the limit of ${failure.limit}`,
      );
    case 'attribute-refused':
      return edge(400, 'keymanagement.service.invalid_attribute_value', `Invalid value for attribute ${failure.name}`);
    case 'invalid-action':
      return edge(400, 'developer.service.InvalidAction', `Invalid action ${failure.action ?? ''}`);
    case 'email-not-lowercase':
    case 'name-mismatch':
      return edge(400, 'developer.service.InvalidDeveloper', failure.kind);
    case 'invalid-argument':
      return edge(400, 'rest.InvalidArgument', failure.message);
    case 'email-malformed':
      // An old sample of Apigee's own reads 500 as "the email is invalid".
      return edge(500, 'developer.service.InternalError', 'Internal server error');
    case 'unknown-parameter':
    case 'unknown-member':
      return edge(400, 'rest.InvalidArgument', `Unknown name ${failure.name}`);
    case 'malformed-json':
      return json(400, { message: failure.problem, contexts: [] });
    case 'body-too-large':
      return edge(400, 'rest.BodyTooLarge', `The body is larger than ${failure.limit} bytes`);
    case 'unauthenticated':
      return json(401, {
        error: 'unauthorized',
        error_description: 'Full authentication is required to access this resource',
      });
    case 'forbidden':
      return edge(403, 'security.PermissionDenied', `Access denied to organization ${failure.organization}`);
    case 'quota-exceeded':
      return fault(429, 'Rate limit quota violation. Quota limit exceeded.', 'policies.ratelimit.QuotaViolation');
    case 'server-error':
      return failure.status === 500
        ? edge(500, 'server.InternalError', 'Internal server error')
        : fault(
            failure.status,
            'The Service is temporarily unavailable',
            'messaging.adaptors.http.flow.ServiceUnavailable',
          );
    case 'unknown-path':
      return fault(
        404,
        `Unable to identify proxy for url: ${failure.path}`,
        'messaging.adaptors.http.flow.ApplicationNotFound',
      );
    default:
      return unreachable(failure);
  }
}

function edge(status: number, code: string, message: string): Answer {
  return json(status, { code, message, contexts: [] });
}

/** What Edge's own gateway answers when its backend does not. */
function fault(status: number, faultstring: string, errorcode: string): Answer {
  return json(status, { fault: { faultstring, detail: { errorcode } } });
}

function json(status: number, value: Json): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: printEdge(value) };
}

/** Edge prints `"name" : value`. */
export function printEdge(value: Json): string {
  return JSON.stringify(value, null, 2).replace(/^(\s*"(?:[^"\\]|\\.)*"):/gm, '$1 :');
}
