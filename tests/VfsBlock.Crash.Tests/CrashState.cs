using VfsBlock.Storage.TestKit;

namespace VfsBlock.Storage.Tests;

/// <summary>What the volume was after an operation.</summary>
/// <param name="Position">The disk's position when the operation began: an earlier power cut cannot leave this state.</param>
/// <param name="What">The operation.</param>
/// <param name="Model">The state; nobody holds anything in it.</param>
internal sealed record CrashState(int Position, string What, ModelVolume Model);
