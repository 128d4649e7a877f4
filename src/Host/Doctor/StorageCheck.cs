using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>Looks at the folders that the robot writes to: whether it may, and how much room there is. Makes none.</summary>
internal static class StorageCheck
{
    private const double LeastStoreMiB = 16, MiB = 1 << 20;

    /// <summary>Looks at them.</summary>
    public static IEnumerable<Diagnosis> Run(DoctorContext context)
    {
        var options = context.Options;
        var recording = options.Recording;
        if (context.Configuration is null || recording.Enabled) yield return Folder(context, "Recording:Path", recording.Path, recording.MinFreeMiB, recording.MaxGiB * 1024);
        if (context.Fleet is { } fleet) yield return Folder(context, "Fleet:Store", fleet.Store, LeastStoreMiB, 0);
        if (options.Agent is { Enabled: true, Store.Length: > 0 } agent) yield return Folder(context, "Agent:Store", agent.Store, LeastStoreMiB, 0);
    }

    private static Diagnosis Folder(DoctorContext context, string where, string path, double leastMiB, double wantedMiB)
    {
        string full = Path.GetFullPath(path, context.Folder);
        string? there = full;
        while (there is not null && !Directory.Exists(there) && !File.Exists(there)) there = Path.GetDirectoryName(there);
        if (there is null || File.Exists(there)) return Diagnosis.Error(where, $"{where} is {full}; {there} is a file, and must be a folder.", "Name another folder.");
        if (!DeviceAccess.MayWrite(there)) return Diagnosis.Error(where, $"{where} is {full}; this user may not write to {there}.", $"Give it to the service's user (`sudo chown {Environment.UserName} {there}`), or name another folder.");
        double free = new DriveInfo(there).AvailableFreeSpace / MiB;
        string text = string.Create(CultureInfo.InvariantCulture, $"{where} is {full}, with {free / 1024:0.0} GiB free.");
        if (free < leastMiB) return Diagnosis.Error(where, string.Create(CultureInfo.InvariantCulture, $"{text} It takes {leastMiB:0.#} MiB at least."), "Delete what is not needed, or name a folder on another disk.");
        return free < leastMiB + wantedMiB
            ? Diagnosis.Warning(where, string.Create(CultureInfo.InvariantCulture, $"{text} Recordings may take {wantedMiB / 1024:0.#} GiB (Recording:MaxGiB)."), "Lower Recording:MaxGiB, or record to another disk.")
            : Diagnosis.Ok(where, text);
    }
}
