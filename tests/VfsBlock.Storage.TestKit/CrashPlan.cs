using System.Numerics;

namespace VfsBlock.Storage.TestKit;

/// <summary>Which of the changes since the last flush a power cut left: bit <c>i</c> of the set for change <c>i</c>; and which of them it tore.</summary>
internal readonly record struct CrashPlan(BigInteger Survivors, Tear? Tear = null)
{
    public bool Keeps(int index) => !(Survivors >> index).IsEven;
}
