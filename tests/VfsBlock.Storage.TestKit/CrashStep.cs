namespace VfsBlock.Storage.TestKit;

/// <summary>One change applied to the shared pages, whole or torn.</summary>
internal readonly record struct CrashStep(int Index, Tear? Tear);
