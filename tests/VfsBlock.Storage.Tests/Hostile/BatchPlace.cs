namespace VfsBlock.Storage.Tests.Hostile;

/// <summary>A batch of the log: the page of the ring that it begins at, and how many it has.</summary>
internal readonly record struct BatchPlace(uint Page, int PageCount);
