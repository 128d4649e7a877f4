using System.Runtime.InteropServices;

namespace EdgeAutonomy.Agents;

/// <summary>struct mosquitto_message, as the library passes it to the message callback; all of it is freed after the callback.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MosquittoMessage
{
    public int Id;
    public byte* Topic;
    public byte* Payload;
    public int PayloadLength;
    public int Qos;
    public byte Retain;
}
