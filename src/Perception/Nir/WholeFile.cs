namespace EdgeAutonomy.Perception;

/// <summary>Replaces a file as a whole or not at all: a new one is made beside it (<c>.new</c>), brought to the disk, and takes its place.</summary>
internal static class WholeFile
{
    /// <exception cref="ModelFileException">The system cannot write; the old file is as it was.</exception>
    public static void Write(string path, byte[] content)
    {
        string temporary = path + ".new";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            TryDelete(temporary);
            throw new ModelFileException(path, "", -1, $"cannot be written: {e.Message}", e);
        }
    }

    /// <exception cref="ModelFileException">The system cannot read, or the file is larger than the limit.</exception>
    public static byte[] Read(string path, long maxBytes)
    {
        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            long length = RandomAccess.GetLength(handle);
            if (length > maxBytes) throw new ModelFileException(path, "", -1, $"the file has {length} bytes, at most {maxBytes} can be read.");
            byte[] content = GC.AllocateUninitializedArray<byte>((int)length);
            int total = 0, count;
            while ((count = RandomAccess.Read(handle, content.AsSpan(total), total)) > 0) total += count;
            return total == content.Length ? content : content[..total];
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException) and not ModelFileException)
        {
            throw new ModelFileException(path, "", -1, $"cannot be read: {e.Message}", e);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure to write is the one to tell.
        }
    }
}
