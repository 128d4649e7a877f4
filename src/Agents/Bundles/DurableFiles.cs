using System.Runtime.InteropServices;

namespace EdgeAutonomy.Agents;

/// <summary>Writes files so that a power cut leaves the old or the new content, never a mixture and never nothing.</summary>
/// <remarks>Write beside the place, fsync, rename, fsync the folder: without the last step the rename itself may be lost (ext4, xfs).</remarks>
/// <param name="onStep">Called after each step; a test throws or kills there.</param>
internal sealed partial class DurableFiles(Action<StoreStep, string>? onStep = null)
{
    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string next = path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(bytes);
            file.Flush();
            onStep?.Invoke(StoreStep.TempWritten, path);
            file.Flush(flushToDisk: true);
        }
        onStep?.Invoke(StoreStep.TempSynced, path);
        File.Move(next, path, overwrite: true);
        onStep?.Invoke(StoreStep.Renamed, path);
        SyncFolder(Path.GetDirectoryName(path)!);
        onStep?.Invoke(StoreStep.FolderSynced, path);
    }

    public void Remove(string path)
    {
        File.Delete(path);
        onStep?.Invoke(StoreStep.Removed, path);
        SyncFolder(Path.GetDirectoryName(path)!);
        onStep?.Invoke(StoreStep.FolderSynced, path);
    }

    public void MoveFolder(string from, string to)
    {
        Directory.Move(from, to);
        onStep?.Invoke(StoreStep.Renamed, to);
        SyncFolder(Path.GetDirectoryName(to)!);
        onStep?.Invoke(StoreStep.FolderSynced, to);
    }

    public static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        int handle = Open(folder, ReadOnlyCloseOnExec);
        if (handle < 0) throw new IOException($"{folder}: opening it to make a rename durable failed, errno {Marshal.GetLastPInvokeError()}.");
        try
        {
            if (Sync(handle) != 0) throw new IOException($"{folder}: fsync failed, errno {Marshal.GetLastPInvokeError()}; the disk may be failing.");
        }
        finally
        {
            _ = Close(handle);
        }
    }

    // O_RDONLY | O_CLOEXEC: the same on x86-64 and ARM64, unlike O_DIRECTORY.
    private const int ReadOnlyCloseOnExec = 0x80000;

    // The framework opens no folders, so these three come from the C library; paths are UTF-8 there.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
