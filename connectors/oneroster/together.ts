/**
 * Waits for all tasks. The first that fails stops the others, and its error is the one that counts: what
 * the others say after that is only that they were stopped.
 */
export async function allOrFirstFailure(
  tasks: Promise<unknown>[],
  stop: (error: unknown) => void,
): Promise<void> {
  const errors: unknown[] = [];
  await Promise.all(
    tasks.map((task) =>
      task.catch((error: unknown) => {
        errors.push(error);
        stop(error);
      }),
    ),
  );
  if (errors.length > 0) throw errors[0];
}
