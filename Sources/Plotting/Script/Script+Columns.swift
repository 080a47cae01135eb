extension ScriptText {
  /// Reading of what `Column` and `ColumnCoding` write.
  static let columns = #"""
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const symbols = new Uint8Array(128);
    for (let i = 0; i < 64; i++) symbols[alphabet.charCodeAt(i)] = i;

    const readIntegers = (text, count) => {
      let position = 0, buffer = 0, left = 0;
      const read = bits => {
        // Shifts work on 32 bits.
        if (bits > 24) return read(bits - 17) * 131072 + read(17);
        while (left < bits) {
          buffer = (buffer & 0xffffff) << 6 | symbols[text.charCodeAt(position++)];
          left += 6;
        }
        left -= bits;
        return buffer >>> left & ((1 << bits) - 1);
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
        const start = at[k], width = at[k + 1] - start, from = knots[k], to = knots[k + 1];
        for (let i = 0; i < width; i++) values[start + i] = from * (1 - i / width) + to * (i / width);
      }
      values.fill(knots[data.k - 1], at[data.k - 1]);
      return values;
    };
    """#
}
