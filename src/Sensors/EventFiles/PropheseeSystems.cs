namespace EdgeAutonomy.Sensors;

/// <summary>What a camera sends unless its header says otherwise, by system_ID (decimal in the file).</summary>
/// <remarks>Source: OpenEB psee_raw_file_header.cpp; the owner applies it to the integrator "Prophesee" only. GenX320 (59, 64) has no default format there,
/// but a size.</remarks>
internal static class PropheseeSystems
{
    /// <summary>The integrator whose ids the table holds.</summary>
    public const string Integrator = "Prophesee";

    /// <summary>Looks a system up.</summary>
    public static bool TryGet(int systemId, out (EventFormat Format, int Width, int Height) system)
    {
        system = systemId switch
        {
            21 or 23 or 151 or 25 or 153 or 29 or 33 or 161 => (EventFormat.Evt2, 640, 480),
            28 or 35 or 34 or 162 or 41 => (EventFormat.Evt2, 640, 480),
            40 => (EventFormat.Evt3, 640, 480),
            26 or 31 => (EventFormat.Evt2, 1280, 720),
            30 or 46 => (EventFormat.Evt3, 1280, 720),
            39 => (EventFormat.Evt2, 1280, 720),
            48 => (EventFormat.Evt3, 1280, 720),
            49 or 50 => (EventFormat.Evt3, 1280, 720),
            59 or 64 => (EventFormat.Unknown, 320, 320),
            _ => default,
        };
        return system.Width != 0;
    }
}
