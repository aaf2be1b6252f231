import { Link } from 'wouter';

interface PersonLinkProps {
  readonly id: string;
  /** The email, or `#` and the id of a document. It goes along unseen, never in the address (rule 27). */
  readonly person: string;
}

/** Leads to a person's page, also to that of somebody on neither side, whom the id alone does not find. */
export function PersonLink({ id, person }: PersonLinkProps) {
  return (
    <Link href={`/developers/${id}`} state={{ key: person }}>
      {person}
    </Link>
  );
}
