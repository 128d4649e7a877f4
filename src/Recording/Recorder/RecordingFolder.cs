namespace EdgeAutonomy.Recording;

/// <summary>Names the files of a recording, keeps their number down, and knows how much room there is.</summary>
internal sealed class RecordingFolder(RecordingOptions options)
{
    private readonly List<string> _closed = [];

    /// <summary>Gets the newest file.</summary>
    public string Path { get; private set; } = options.Path;

    /// <summary>Gets how many files were begun.</summary>
    public int Files { get; private set; }

    /// <summary>Gets the free space of the disk in MiB; infinite where the system does not say.</summary>
    public double FreeMiB
    {
        get
        {
            try
            {
                return new DriveInfo(System.IO.Path.GetFullPath(Path)).AvailableFreeSpace / (double)(1 << 20);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
            {
                return double.PositiveInfinity;
            }
        }
    }

    /// <summary>Makes the next file.</summary>
    /// <exception cref="McapWriteException">It cannot be made.</exception>
    public McapWriter Create()
    {
        if (Files > 0) _closed.Add(Path);
        string folder = System.IO.Path.GetDirectoryName(options.Path) ?? "", name = System.IO.Path.GetFileNameWithoutExtension(options.Path), ending = System.IO.Path.GetExtension(options.Path);
        Path = Files == 0 ? options.Path : System.IO.Path.Combine(folder, $"{name}.{Files + 1}{ending}");
        var writer = McapWriter.Create(Path, new McapWriterOptions { ChunkBytes = options.ChunkKiB << 10, Compression = options.Compression });
        Files++;
        return writer;
    }

    /// <summary>Deletes closed files, oldest first, until the rest fits the limit, and returns their names.</summary>
    public IReadOnlyList<string> DeleteOldest()
    {
        if (options.MaxGiB <= 0) return [];
        string folder = System.IO.Path.GetFullPath(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(options.Path))!);
        var deleted = new List<string>();
        try
        {
            // Earlier runs of the same robot count too: their names begin alike (RecordingName).
            string pattern = RecordingName.Pattern(options.Path);
            // The first file of a name without a start has no number, and its pattern asks for one.
            var files = new DirectoryInfo(folder).GetFiles(pattern).Append(new FileInfo(System.IO.Path.GetFullPath(options.Path))).DistinctBy(f => f.FullName)
                .Where(f => f.Exists && f.FullName != System.IO.Path.GetFullPath(Path)).OrderBy(f => f.LastWriteTimeUtc).ToList();
            long total = files.Sum(f => f.Length), limit = (long)(options.MaxGiB * (1L << 30));
            foreach (var file in files)
            {
                if (total <= limit) break;
                total -= file.Length;
                file.Delete();
                deleted.Add(file.FullName);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A file that cannot be deleted now is tried again with the next rotation.
        }
        return deleted;
    }
}
