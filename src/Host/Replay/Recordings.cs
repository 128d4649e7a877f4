using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>Opens recordings and turns what is wrong with them into one sentence and an exit code.</summary>
internal static class Recordings
{
    /// <summary>Opens a recording.</summary>
    /// <exception cref="EdgeException">It is not there, no recording, or of another version.</exception>
    public static RecordingFile Open(string path)
    {
        if (Directory.Exists(path)) throw new EdgeException(ExitCode.InputMissing, $"{path} is a folder; give the path of one recording.");
        if (!File.Exists(path)) throw new EdgeException(ExitCode.InputMissing, $"{path} does not exist; check the path.");
        return Guard(path, () => RecordingFile.Open(path));
    }

    /// <summary>Does something with a recording.</summary>
    /// <exception cref="EdgeException">The recording is damaged or does not fit.</exception>
    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (McapException error)
        {
            throw new EdgeException(ExitCode.Io, error.Message, error);
        }
        catch (InvalidDataException error)
        {
            throw new EdgeException(ExitCode.Io, $"{path}: {error.Message}", error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new EdgeException(ExitCode.Io, $"{path} cannot be read: {error.Message}", error);
        }
    }
}
