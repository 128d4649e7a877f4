using EdgeAutonomy.Agents;
using Microsoft.Extensions.Configuration;

namespace EdgeAutonomy.Host;

/// <summary>Looks at the devices that the configuration names, or at the serial ports that there are. Opens none.</summary>
internal static class SerialCheck
{
    private const string Devices = "/dev/";
    private static readonly string[] Patterns = ["ttyACM*", "ttyUSB*", "ttyAMA*", "ttyTHS*"];

    /// <summary>Looks at them.</summary>
    public static IEnumerable<Diagnosis> Run(DoctorContext context)
    {
        var named = context.Configuration?.Raw.AsEnumerable().Where(e => e.Value?.StartsWith(Devices, StringComparison.Ordinal) == true).ToArray() ?? [];
        foreach (var (key, device) in named) yield return Device(context.System, key, device!);
        if (named.Length > 0) yield break;
        string[] found = [.. Patterns.SelectMany(p => context.System.List("/dev", p))];
        if (found.Length == 0)
        {
            yield return Diagnosis.Ok("serial", "There is no serial port, and none is configured.");
            yield break;
        }
        foreach (string device in found) yield return Device(context.System, $"serial:{device}", device);
    }

    private static Diagnosis Device(SystemFiles files, string where, string device)
    {
        string path = files.PathOf(device), shown = UntrustedText.Clean(device, 120);
        if (!File.Exists(path)) return Diagnosis.Error(where, $"{where} is '{shown}'; there is no such device.", "Plug it in, or name one of /dev/serial/by-id, which stays the same from port to port.");
        return DeviceAccess.MayUse(path)
            ? Diagnosis.Ok(where, $"{shown} may be read and written.")
            : Diagnosis.Error(where, $"{shown} is there, and this user may not use it.", $"Join its group: `sudo usermod -aG dialout {Environment.UserName}`, then log in again.");
    }
}
