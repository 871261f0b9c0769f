namespace VfsBlock.Interop;

/// <summary>What <see cref="IIoQueue.Reap"/> brought.</summary>
/// <param name="Count">How many completions were stored; under the minimum only if <paramref name="End"/> says why.</param>
/// <param name="End">Why it returned.</param>
public readonly record struct ReapResult(int Count, ReapEnd End);
