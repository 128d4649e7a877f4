namespace EdgeAutonomy.Agents;

/// <summary>What the reason codes of MQTT 5 (2.4) mean to the one who has to do something about them.</summary>
public static class MqttReasons
{
    /// <summary>The broker does not let this client do that.</summary>
    public const int NotAuthorized = 135;

    /// <summary>Returns one sentence with the remedy.</summary>
    /// <param name="code">The reason code.</param>
    public static string Describe(int code) => code switch
    {
        1 or 132 => "The broker speaks another version of MQTT (132); it must speak MQTT 5.",
        < 128 => "The broker took it.",
        128 => "The broker refused it without a reason (128); its log says why.",
        129 => "The broker calls the packet malformed (129); report it with the broker's name and version.",
        130 => "The broker calls the packet a protocol error (130); report it with the broker's name and version.",
        131 => "The broker refused it for a reason of its own (131), such as a size limit; its log says why.",
        133 => "The broker does not accept the client id (133); choose letters and digits, at most 23.",
        134 => "The broker knows no such user or another password (134); check User and PasswordFile.",
        NotAuthorized => "The broker does not let this client do that (135); check the broker's ACL and the certificate's common name.",
        136 => "The broker is unavailable (136).",
        137 => "The broker is busy (137).",
        138 => "The broker has banned this client (138); ask who runs it.",
        139 => "The broker shuts down (139).",
        140 => "The broker wants another method of authentication (140).",
        141 => "The broker heard nothing from this client for too long (141).",
        142 => "Another client took over the client id (142); give every robot an id of its own.",
        143 => "The broker does not accept the filter (143).",
        144 => "The broker does not accept the topic (144).",
        147 => "The broker got more unacknowledged messages than it allows (147).",
        149 => "The packet is larger than the broker takes (149).",
        150 => "The broker finds the message rate too high (150).",
        151 => "The client's quota at the broker is used up (151).",
        152 => "An administrator ended the connection (152).",
        153 => "The payload is not of the format that was announced (153).",
        154 => "The broker keeps no retained messages (154).",
        155 => "The broker does not support the quality of service (155).",
        156 or 157 => "The broker wants this client at another server (156, 157); change Broker.",
        158 => "The broker has no shared subscriptions (158).",
        159 => "The broker finds the connection rate too high (159).",
        161 => "The broker has no subscription identifiers (161).",
        162 => "The broker allows no wildcards (162).",
        _ => FormattableString.Invariant($"The broker gave reason code {code}."),
    };

    /// <summary>Returns one sentence with the remedy for a refused connection: brokers call wrong credentials "not authorised" as well.</summary>
    /// <param name="code">The reason code.</param>
    public static string DescribeRefusal(int code) => code == NotAuthorized ? "The broker does not let this client in (135); check User and PasswordFile, or the certificate's common name." : Describe(code);

    /// <summary>Returns whether trying again soon mends nothing: somebody must change a configuration.</summary>
    /// <param name="code">The reason code of a refused connection.</param>
    public static bool NeedsPerson(int code) => code is 1 or 132 or 133 or 134 or 135 or 138 or 140 or 156 or 157 or 162;
}
