using System.Diagnostics;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Finds the ALFWorld games: unpacks the archives beside the repository once, into the user's cache.</summary>
internal static class AlfWorldData
{
    private static readonly Lock Gate = new();

    private static readonly string Cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "edge-autonomy", "alfworld");

    /// <summary>Returns the games of a validation split, or skips the test with a reason that prints.</summary>
    public static AlfWorldGames Require(string split, AlfWorldOptions? options = null) => new(Folder(split), options);

    /// <summary>Returns the games for training where they are unpacked already, or skips: they take 300 MB.</summary>
    public static AlfWorldGames RequireTrain()
    {
        string folder = Path.Combine(Cache, "json_2.1.1", "train");
        Skip.IfNot(Directory.Exists(folder), $"ALFWorld's train split is not unpacked at {folder}; unpack shared/data/alfworld/train.tar.xz there to run this test");
        return new AlfWorldGames(folder);
    }

    private static string Folder(string split)
    {
        string folder = Path.Combine(Cache, "json_2.1.1", split);
        lock (Gate)
        {
            if (!Directory.Exists(folder)) Unpack(SharedData.Require($"alfworld/{split}.tar.xz"), split, folder);
        }
        return folder;
    }

    private static void Unpack(string archive, string split, string folder)
    {
        string temporary = Path.Combine(Cache, $"unpacking-{split}-{Environment.ProcessId}");
        Directory.CreateDirectory(temporary);
        try
        {
            var start = new ProcessStartInfo("tar") { RedirectStandardError = true };
            foreach (string argument in (string[])["-xJf", archive, "-C", temporary]) start.ArgumentList.Add(argument);
            using var tar = Process.Start(start)!;
            string errors = tar.StandardError.ReadToEnd();
            tar.WaitForExit();
            Skip.If(tar.ExitCode != 0, $"tar cannot unpack {archive} ({errors.Trim()}); it needs tar and xz-utils");
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            // One rename makes it appear whole; a run beside this one may have been first.
            if (!Directory.Exists(folder)) Directory.Move(Path.Combine(temporary, "json_2.1.1", split), folder);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Skip.If(true, $"tar cannot be started ({e.Message}); unpack {archive} into {Cache} by hand");
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // The other run was first.
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }
}
