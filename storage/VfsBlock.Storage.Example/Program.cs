using VfsBlock.Storage;

string image = args.Length > 0 ? args[0] : "files.vfsblock";
if (!File.Exists(image))
{
    Volume.Format(image);
}

// A file system in a file, in five lines: no mount, no root, no FUSE.
using Volume volume = Volume.Open(image);
var files = new VolumeFiles(volume);
files.CreateDirectory("/notes");
files.WriteAllText("/notes/today.txt", $"written at {DateTimeOffset.UtcNow:O}");
Console.WriteLine($"{string.Join(' ', files.Enumerate("/notes"))}: {files.ReadAllText("/notes/today.txt")}");
