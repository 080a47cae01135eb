extension ScriptText {
  /// Reading of what `Column` and `ColumnCoding` write.
  static let columns = #"""
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const symbols = new Uint8Array(128);
    for (let i = 0; i < 64; i++) symbols[alphabet.charCodeAt(i)] = i;

    const readIntegers = (text, count) => {
      let position = 0, symbol = 0, left = 0;
      const read = bits => {
        let value = 0;
        while (bits > 0) {
          if (left === 0) { symbol = symbols[text.charCodeAt(position++)]; left = 6; }
          const take = Math.min(bits, left);
          // No shift: values may have more than 32 bits.
          value = value * (1 << take) + (symbol >> (left - take) & ((1 << take) - 1));
          left -= take;
          bits -= take;
        }
        return value;
      };
      const values = new Float64Array(count);
      let previous = 0, parameter = 0;
      for (let i = 0; i < count; i++) {
        if (i % 128 === 0) parameter = read(5);
        let quotient = 0;
        while (quotient < 24 && read(1)) quotient++;
        const code = quotient < 24 ? quotient * 2 ** parameter + read(parameter) : read(34);
        previous += code % 2 ? -(code + 1) / 2 : code / 2;
        values[i] = previous;
      }
      return values;
    };

    const floatBits = new Uint32Array(1), float = new Float32Array(floatBits.buffer);
    const toFloats = (keys, bits) => {
      const scale = 2 ** (23 - bits);
      for (let i = 0; i < keys.length; i++) {
        floatBits[0] = Math.abs(keys[i]) * scale;
        keys[i] = keys[i] < 0 ? -float[0] : float[0];
      }
      return keys;
    };

    // A column in any of its forms, or a plain array with null for gaps.
    const column = data => {
      if (Array.isArray(data)) return Float64Array.from(data, v => v === null ? NaN : v);
      if (ArrayBuffer.isView(data)) return Float64Array.from(data);
      if (data.integers !== undefined) return readIntegers(data.integers, data.n);
      if (data.bits !== undefined) return toFloats(readIntegers(data.keys, data.n), data.bits);
      const values = new Float64Array(data.n);
      if (data.at === undefined) {
        for (let i = 0; i < data.n; i++) values[i] = data.from + data.by * i;
        return values;
      }
      const at = readIntegers(data.at, data.k);
      const knots = toFloats(readIntegers(data.keys, data.k), 23);
      for (let k = 0; k + 1 < data.k; k++) {
        for (let i = at[k]; i <= at[k + 1]; i++) {
          const t = (i - at[k]) / (at[k + 1] - at[k]);
          values[i] = knots[k] * (1 - t) + knots[k + 1] * t;
        }
      }
      if (data.k === 1) values.fill(knots[0]);
      return values;
    };
    """#
}
