using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Agents;

/// <summary>What libmosquitto calls, on its own thread.</summary>
/// <remarks>
/// An exception that crosses a native frame ends the process, so each body is wrapped whole. None blocks and none waits for an answer of the broker.
/// The object is the connection's <see cref="GCHandle"/>, which is freed after the library's thread has ended.
/// </remarks>
internal static unsafe class MosquittoCallbacks
{
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Connected(nint client, nint state, int reason, int flags, nint properties)
    {
        try
        {
            Of(state).HearConnected(reason, flags, properties);
        }
        catch (Exception e)
        {
            Of(state).HearFault(e);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Disconnected(nint client, nint state, int code, nint properties)
    {
        try
        {
            Of(state).HearDisconnected(code);
        }
        catch (Exception e)
        {
            Of(state).HearFault(e);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Published(nint client, nint state, int id, int reason, nint properties)
    {
        try
        {
            Of(state).HearPublished(id, reason);
        }
        catch (Exception e)
        {
            Of(state).HearFault(e);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Received(nint client, nint state, MosquittoMessage* message, nint properties)
    {
        try
        {
            Of(state).HearMessage(message, properties);
        }
        catch (Exception e)
        {
            Of(state).HearFault(e);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Subscribed(nint client, nint state, int id, int count, int* reasons, nint properties)
    {
        try
        {
            Of(state).HearSubscribed(id, count > 0 ? reasons[0] : 128);
        }
        catch (Exception e)
        {
            Of(state).HearFault(e);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Logged(nint client, nint state, int level, byte* text)
    {
        try
        {
            if ((level & (MosquittoConstants.LogError | MosquittoConstants.LogWarning)) != 0) Of(state).HearLog(Marshal.PtrToStringUTF8((nint)text) ?? "");
        }
        catch (Exception e)
        {
            Of(state).HearFault(e);
        }
    }

    /// <summary>Asked for the password of an encrypted key. Without an answer OpenSSL would ask on the terminal, and a service would hang there for ever.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int NoPassword(byte* buffer, int size, int write, nint state) => 0;

    private static MosquittoConnection Of(nint state) => Unsafe.As<MosquittoConnection>(GCHandle.FromIntPtr(state).Target!);
}
