using System.CommandLine;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Opens policy stores for the verbs; the errors say which folder, and what to do.</summary>
internal static class PolicyStores
{
    /// <summary>Makes the option that names the store; there is no default, so that nothing is changed that was not named.</summary>
    public static Option<string> StoreOption() => new("--store") { HelpName = "folder", Description = "The robot's policy store.", Required = true };

    /// <summary>Makes the option that names the trusted keys.</summary>
    public static Option<string> KeysOption() => new("--keys") { HelpName = "file", Description = "Public keys whose signatures count; several may stand in one file.", Required = true };

    /// <summary>Opens a store to change it.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="keys">The file of trusted keys; null where nothing is loaded.</param>
    /// <param name="mayBeNew">Whether it is made when it is not there.</param>
    /// <exception cref="EdgeException">It is not there, or another process has it open.</exception>
    public static BundleStore Open(string folder, string? keys, bool mayBeNew = false)
    {
        var loader = Loader(keys);
        if (!mayBeNew && !BundleStore.Exists(folder)) throw new EdgeException(ExitCode.InputMissing, $"{folder} holds no policy store; 'edge policy install' makes one.");
        try
        {
            return new BundleStore(folder, loader);
        }
        catch (IOException e) when (BundleStore.Exists(folder) && IsLocked(folder))
        {
            throw new EdgeException(ExitCode.Io, $"The policy store {folder} is open in another process; stop the robot's program first, or let it do this itself.", e);
        }
    }

    /// <summary>Opens a store to look at it, beside a robot that runs.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="keys">The file of trusted keys; null to check no signatures.</param>
    public static BundleStore Read(string folder, string? keys) => BundleStore.Read(folder, Loader(keys));

    private static BundleLoader Loader(string? keys) => new(keys is null ? new BundleKeys() : BundleKeyFile.Read(keys), MissionWorldContract.Expectations, CandidateBundle.Probe);

    private static bool IsLocked(string folder)
    {
        try
        {
            using var file = new FileStream(Path.Combine(folder, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
