using System.Runtime.InteropServices;

namespace EdgeAutonomy.Agents;

/// <summary>The functions of libmosquitto (mosquitto.h, 2.0), looked up on first use.</summary>
/// <remarks>
/// Function pointers instead of imports: an absent library must be an answer, not an exception. Debian's package has no plain <c>.so</c>, so the name
/// carries the version of the interface. bool is one byte; every const char* is UTF-8 with a zero byte behind it; all functions copy what they are given.
/// The library is initialised once and never cleaned up: clean-up while a client lives would pull the floor from under it.
/// </remarks>
internal sealed unsafe class MosquittoLibrary
{
    private const int LowestVersion = 2_000_000;
    private const string Remedy = "install the Debian package libmosquitto1 (sudo apt-get install libmosquitto1)";

    private static readonly string[] Names = ["libmosquitto.so.1", "libmosquitto.1.dylib", "mosquitto.dll"];
    private static readonly Lazy<(MosquittoLibrary? Library, string Fault)> Loaded = new(() => Load(Names));

    public readonly delegate* unmanaged[Cdecl]<byte*, byte, nint, nint> New;
    public readonly delegate* unmanaged[Cdecl]<nint, void> Destroy;
    public readonly delegate* unmanaged[Cdecl]<nint, int, int, int> IntOption;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, int> UserSet;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, int, byte*, int, byte, nint, int> WillSet;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, byte*, delegate* unmanaged[Cdecl]<byte*, int, int, nint, int>, int> TlsSet;
    public readonly delegate* unmanaged[Cdecl]<nint, int, byte*, byte*, int> TlsOptionsSet;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, int, int, byte*, nint, int> Connect;
    public readonly delegate* unmanaged[Cdecl]<nint, int> Socket;
    public readonly delegate* unmanaged[Cdecl]<nint, int> LoopStart;
    public readonly delegate* unmanaged[Cdecl]<nint, byte, int> LoopStop;
    public readonly delegate* unmanaged[Cdecl]<nint, int, nint, int> Disconnect;
    public readonly delegate* unmanaged[Cdecl]<nint, int*, byte*, int, byte*, int, byte, nint, int> Publish;
    public readonly delegate* unmanaged[Cdecl]<nint, int*, byte*, int, int, nint, int> Subscribe;
    public readonly delegate* unmanaged[Cdecl]<nint, int*, byte*, nint, int> Unsubscribe;
    public readonly delegate* unmanaged[Cdecl]<nint*, int, uint, int> AddInt32;
    public readonly delegate* unmanaged[Cdecl]<nint*, int, byte*, ushort, int> AddBinary;
    public readonly delegate* unmanaged[Cdecl]<nint, int, byte*, byte, nint> ReadByte;
    public readonly delegate* unmanaged[Cdecl]<nint, int, ushort*, byte, nint> ReadInt16;
    public readonly delegate* unmanaged[Cdecl]<nint, int, uint*, byte, nint> ReadInt32;
    public readonly delegate* unmanaged[Cdecl]<nint, int, byte**, ushort*, byte, nint> ReadBinary;
    public readonly delegate* unmanaged[Cdecl]<nint*, void> FreeProperties;
    public readonly delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void>, void> OnConnect;
    public readonly delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<nint, nint, int, nint, void>, void> OnDisconnect;
    public readonly delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void>, void> OnPublish;
    public readonly delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<nint, nint, MosquittoMessage*, nint, void>, void> OnMessage;
    public readonly delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<nint, nint, int, int, int*, nint, void>, void> OnSubscribe;
    public readonly delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<nint, nint, int, byte*, void>, void> OnLog;
    private readonly delegate* unmanaged[Cdecl]<int, byte*> _describe;
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, byte*, int> _matches;

    private MosquittoLibrary(nint library, int version)
    {
        Version = version;
        New = (delegate* unmanaged[Cdecl]<byte*, byte, nint, nint>)Export("mosquitto_new");
        Destroy = (delegate* unmanaged[Cdecl]<nint, void>)Export("mosquitto_destroy");
        IntOption = (delegate* unmanaged[Cdecl]<nint, int, int, int>)Export("mosquitto_int_option");
        UserSet = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, int>)Export("mosquitto_username_pw_set");
        WillSet = (delegate* unmanaged[Cdecl]<nint, byte*, int, byte*, int, byte, nint, int>)Export("mosquitto_will_set_v5");
        TlsSet = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, byte*, delegate* unmanaged[Cdecl]<byte*, int, int, nint, int>, int>)Export("mosquitto_tls_set");
        TlsOptionsSet = (delegate* unmanaged[Cdecl]<nint, int, byte*, byte*, int>)Export("mosquitto_tls_opts_set");
        Connect = (delegate* unmanaged[Cdecl]<nint, byte*, int, int, byte*, nint, int>)Export("mosquitto_connect_bind_v5");
        Socket = (delegate* unmanaged[Cdecl]<nint, int>)Export("mosquitto_socket");
        LoopStart = (delegate* unmanaged[Cdecl]<nint, int>)Export("mosquitto_loop_start");
        LoopStop = (delegate* unmanaged[Cdecl]<nint, byte, int>)Export("mosquitto_loop_stop");
        Disconnect = (delegate* unmanaged[Cdecl]<nint, int, nint, int>)Export("mosquitto_disconnect_v5");
        Publish = (delegate* unmanaged[Cdecl]<nint, int*, byte*, int, byte*, int, byte, nint, int>)Export("mosquitto_publish_v5");
        Subscribe = (delegate* unmanaged[Cdecl]<nint, int*, byte*, int, int, nint, int>)Export("mosquitto_subscribe_v5");
        Unsubscribe = (delegate* unmanaged[Cdecl]<nint, int*, byte*, nint, int>)Export("mosquitto_unsubscribe_v5");
        AddInt32 = (delegate* unmanaged[Cdecl]<nint*, int, uint, int>)Export("mosquitto_property_add_int32");
        AddBinary = (delegate* unmanaged[Cdecl]<nint*, int, byte*, ushort, int>)Export("mosquitto_property_add_binary");
        ReadByte = (delegate* unmanaged[Cdecl]<nint, int, byte*, byte, nint>)Export("mosquitto_property_read_byte");
        ReadInt16 = (delegate* unmanaged[Cdecl]<nint, int, ushort*, byte, nint>)Export("mosquitto_property_read_int16");
        ReadInt32 = (delegate* unmanaged[Cdecl]<nint, int, uint*, byte, nint>)Export("mosquitto_property_read_int32");
        ReadBinary = (delegate* unmanaged[Cdecl]<nint, int, byte**, ushort*, byte, nint>)Export("mosquitto_property_read_binary");
        FreeProperties = (delegate* unmanaged[Cdecl]<nint*, void>)Export("mosquitto_property_free_all");
        OnConnect = (delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void>, void>)Export("mosquitto_connect_v5_callback_set");
        OnDisconnect = (delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<nint, nint, int, nint, void>, void>)Export("mosquitto_disconnect_v5_callback_set");
        OnPublish = (delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, void>, void>)Export("mosquitto_publish_v5_callback_set");
        OnMessage = (delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<nint, nint, MosquittoMessage*, nint, void>, void>)Export("mosquitto_message_v5_callback_set");
        OnSubscribe = (delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<nint, nint, int, int, int*, nint, void>, void>)Export("mosquitto_subscribe_v5_callback_set");
        OnLog = (delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<nint, nint, int, byte*, void>, void>)Export("mosquitto_log_callback_set");
        _describe = (delegate* unmanaged[Cdecl]<int, byte*>)Export("mosquitto_strerror");
        _matches = (delegate* unmanaged[Cdecl]<byte*, byte*, byte*, int>)Export("mosquitto_topic_matches_sub");

        nint Export(string name) => NativeLibrary.GetExport(library, name);
    }

    /// <summary>Gets the library, or null where it is absent or too old.</summary>
    public static MosquittoLibrary? Instance => Loaded.Value.Library;

    /// <summary>Gets why there is no library, one sentence with the remedy; empty where there is one.</summary>
    public static string Fault => Loaded.Value.Fault;

    /// <summary>Gets the version: 1,000,000 times the major one, 1,000 times the minor one, and the revision.</summary>
    public int Version { get; }

    /// <summary>Looks for the library under several names.</summary>
    public static (MosquittoLibrary? Library, string Fault) Load(IReadOnlyList<string> names)
    {
        nint library = 0;
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out library)) break;
        }
        if (library == 0) return (null, $"MQTT is unavailable: {names[0]} is not on this machine; {Remedy}.");
        try
        {
            int version = ((delegate* unmanaged[Cdecl]<int*, int*, int*, int>)NativeLibrary.GetExport(library, "mosquitto_lib_version"))(null, null, null);
            if (version < LowestVersion) return (null, FormattableString.Invariant($"MQTT is unavailable: libmosquitto is {version / 1_000_000}.{version / 1000 % 1000}; 2.0 or later is needed: {Remedy}."));
            var functions = new MosquittoLibrary(library, version);
            int code = ((delegate* unmanaged[Cdecl]<int>)NativeLibrary.GetExport(library, "mosquitto_lib_init"))();
            return code == 0 ? (functions, "") : (null, $"MQTT is unavailable: libmosquitto did not start: {functions.Describe(code)}.");
        }
        catch (EntryPointNotFoundException e)
        {
            return (null, $"MQTT is unavailable: libmosquitto lacks a function ({e.Message}); {Remedy}.");
        }
    }

    /// <summary>Returns what the library says about one of its return codes, without a full stop.</summary>
    public string Describe(int code) => (Marshal.PtrToStringUTF8((nint)_describe(code)) ?? "unknown error").TrimEnd('.', ' ');

    /// <summary>Returns whether a topic matches a filter, by the library's own rules: an oracle for ours. Both end with a zero byte.</summary>
    public bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        byte result = 0;
        fixed (byte* f = filter, t = topic) return _matches(f, t, &result) == 0 && result != 0;
    }
}
