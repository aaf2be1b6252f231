/** Two ways, one person. */
export function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 16 16" aria-hidden="true">
      <rect className="mark-ground" width="16" height="16" rx="4" />
      <path className="mark-arrows" d="M3.5 6h7L8.3 3.8M12.5 10h-7l2.2 2.2" />
    </svg>
  );
}
